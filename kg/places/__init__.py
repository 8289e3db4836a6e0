"""Places: from their names in an article to GeoNames, with coordinates. Knows neither spaCy nor RDF."""

from kg.places.context import Context, countries
from kg.places.resolve import Named, Resolution, Resolver
from kg.places.table import Kind, Place, Table

__all__ = ["Context", "Kind", "Named", "Place", "Resolution", "Resolver", "Table", "countries"]
