"""The generated pages about messages: written from the contracts and the topology, never by hand."""
