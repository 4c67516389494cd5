"""The engines: functions from traffic and plan to a log, without hidden state."""
