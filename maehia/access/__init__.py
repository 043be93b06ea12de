"""Who may do what, for what purpose, and who looked at whom.

Public modules: `models`, `permissions` (can, require, acting_as), `purposes` (the published list), `queries`,
`actions`, `registry` (what higher rooms bring), `rules` (pure decisions). People are opaque keys here.
"""
