"""Emergencies: incidents, roster, affected people, alerts, shelters, relief, damage, recovery, reviews."""
