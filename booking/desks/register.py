"""Notes in the database which consultations exist, and when a definition last changed."""

import hashlib
from datetime import datetime

from booking.desks.catalogue import Catalogue
from booking.desks.current import VERSION
from booking.store import Store, versions


def register_definitions(store: Store, catalogue: Catalogue, now: datetime) -> None:
    """Raise the version of each consultation whose definition (or desk's) changed since last noted.

    The values' reprs are stable: frozen dataclasses of texts, numbers and dates.
    """
    definitions = {VERSION: ""}
    for key, consultation in catalogue.consultations.items():
        said = repr((consultation, catalogue.desk_of(key)))
        definitions[key] = hashlib.sha256(said.encode()).hexdigest()
    store.write(lambda tx: versions.register(tx, definitions, now))
