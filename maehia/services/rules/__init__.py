"""Pure decisions of the services room: when a promise is due, who gets a case, what is the same report."""
