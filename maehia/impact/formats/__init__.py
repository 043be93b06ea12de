"""Doors for files: each module reads and writes one family of formats.

files: any file, by what it is. climada: CLIMADA's HDF5 (hazard, exposures) and its tables of impact functions.
interior: our own Parquet and memory maps. raster: GeoTIFF and COG. tables: CSV. vector: GeoPackage and GeoParquet.
Below them: faults (file, line, column), places (crs, geometries), lattice (points to a grid), frames and pickles (what
pandas keeps in HDF5, read without running it).
"""
