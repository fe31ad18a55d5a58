"""The regency's regions: kabupaten, kecamatan, desa and kelurahan, by Kemendagri's codes."""

from django.db import models


class Region(models.Model):
    """One region. The code is Kemendagri's, with points: 12.09, 12.09.20, 12.09.20.1001."""

    class Kind(models.TextChoices):
        PROVINCE = "province"
        REGENCY = "regency"
        DISTRICT = "district"  # kecamatan
        KELURAHAN = "kelurahan"
        DESA = "desa"

    code = models.CharField(max_length=13, primary_key=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")

    def __str__(self) -> str:
        return self.name


class Boundary(models.Model):
    """The outline of a region as somebody imported it. Indicative: no boundary of law."""

    region = models.OneToOneField(Region, primary_key=True, on_delete=models.CASCADE, related_name="boundary")
    polygons = models.JSONField()  # as in a GeoJSON MultiPolygon
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    source = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.region_id
