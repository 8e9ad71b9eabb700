"""What a clinic has begun and not sent: requests and answers of the whole practice, and what would come of them."""
