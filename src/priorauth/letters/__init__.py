"""Letters and forms: pure functions from frozen facts to the exact bytes that are sent. No storage, no clock."""
