"""What a clinic has begun and not sent: requests and answers, shared by the whole practice, and what would come of them."""
