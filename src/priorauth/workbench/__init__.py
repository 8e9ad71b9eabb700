"""The workbench: the pages on which people of clinics and payers see and decide requests."""
