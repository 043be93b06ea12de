"""The parts of every page. Knows no room: rooms register what they bring.

Public modules:
    registry    menu, layers, stories, home_tiles, demo_roles, tasks; slots town_profile, may, banners, unread
    values      small values that the parts take: Crumb, Action, Source, Term, Event, Task, Tile, Chip
    table       Table, Column, Cell: data table part
    charts      server-made SVG charts: bar, hbar, line, stacked, step, sparkline
    static_map  server-made SVG maps of GeoJSON features
    maps        Place (list twin), map_figure (behind the tag map_widget), visible_layers
    tiles       vector tiles of a registered layer
    fields      Thai dates, national ID, phone and address as Django form fields
    progress    what the progress part shows
    errors      answers 400 403 404 409 429 500; raise Conflict or TooMany
    messages    compile and check translations (Thai is the source language)
    testing     BrowserCase: live server, Chromium, axe, content policy, widths
    context, middleware, views, urls   for settings and urls
"""
