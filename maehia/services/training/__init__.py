"""Training of the models that come with the room; needs scikit-learn, which no served code imports."""
