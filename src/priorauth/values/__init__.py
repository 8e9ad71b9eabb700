"""Values that every other room speaks in: truth, intervals, dates and units. Floor 1; imports nothing of ours."""
