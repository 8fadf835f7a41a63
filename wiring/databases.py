"""Relational databases, in the network."""

import settings
from components import Database, DatabaseArgs
from components.storage.database_args import DatabaseChoices

from .network import AnyNetwork
from .place import Place
from .storage import Stored


def databases(platform: settings.Platform, place: Place, network: AnyNetwork, stored: Stored) -> Stored:
    """Return what keeps data with the relational databases, which are in the network."""

    def database(name: str, chosen: settings.Database) -> Database:
        args: DatabaseArgs = {
            **chosen.given(DatabaseChoices),
            "engine": chosen.engine,
            "version": chosen.version,
            "identifier": f"{place.name}-{name}",
            "vpc_id": network.vpc_id,
            "subnet_ids": network.private_subnet_ids,
            "protect": place.protect,
        }
        return Database(name, args)

    return stored._replace(databases={name: database(name, one) for name, one in platform.storage.databases.items()})
