"""Closed forms that the model is compared with: queueing, traffic flow, signal detection."""
