"""What the text of a document means: its sentences, its head, and the facts that its words state or deny."""
