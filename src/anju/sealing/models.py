"""Which keys this database was written with, without the keys."""

from django.db import models


class KnownKey(models.Model):
    """A key that values of this database need. The proof tells the right key from a wrong one and gives nothing else away."""

    use = models.CharField(max_length=8)
    number = models.PositiveIntegerField()
    proof = models.CharField(max_length=64)
    known_since = models.DateTimeField(auto_now_add=True)

    class Meta:
        """One key for each use and number."""

        constraints = (models.UniqueConstraint(fields=["use", "number"], name="known_key_once"),)

    def __str__(self) -> str:
        return f"{self.use} {self.number}"
