"""Sums on the domain: what falls due, who has time, who may do what, what a plan comes to."""
