"""The local API and the technician's pages; closed from the first route on."""
