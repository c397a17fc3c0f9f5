"""The vector space of samples: what a sample is made of, which samples are alike, and in what."""
