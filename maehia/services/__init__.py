"""One door for every citizen: services, cases (reports and applications), clocks, routing, queue, fees."""
