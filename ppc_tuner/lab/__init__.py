"""Markets with known truth, the exports a specialist would download from them, and who bids in them."""
