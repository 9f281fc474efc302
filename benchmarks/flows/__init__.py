"""The same flow of six steps, as other engines have it. Each step is saved before it counts, in a transaction of its own."""
