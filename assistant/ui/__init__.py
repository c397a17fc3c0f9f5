"""The pages. They call services, draw what comes back, and hold no logic of their own."""
