"""The container platform of one environment: settings → components → outputs."""

import settings
import wiring

platform = settings.load()
place = wiring.Place.current(platform)

# First what must exist already: where it is missing, the program stops before it makes anything.
found = wiring.found(platform, place)

wiring.boundary(platform)
reports = wiring.observability(platform)
stored = wiring.storage(platform, place, found.data, reports)
network = wiring.network(platform, place, found, stored)
stored = wiring.databases(platform, place, network, stored)
registries = wiring.registry(platform, place, found)
balancers = wiring.balancing(platform, place, network, found)
capacities = wiring.capacity(platform, place, network, balancers)
services = wiring.services(platform, place, found, network, registries, balancers, capacities, reports, stored)
queues = wiring.queues(platform, services)
jobs = wiring.jobs(platform, place, found, network, registries, capacities, reports, stored, queues)
pipelines = wiring.pipelines(platform, place, registries, capacities, services)
wiring.publish(platform, place, network, registries, balancers, capacities, services, jobs, pipelines, reports, stored)
