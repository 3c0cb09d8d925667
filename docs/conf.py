"""Sphinx settings of the guides: Markdown by MyST, no network."""

project = "legalaid-sim"
extensions = ["myst_parser"]
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
html_theme = "alabaster"
html_theme_options = {
    "description": "What a contract for legal advice does to relationships and to admin",
    "fixed_sidebar": True,
    "page_width": "1080px",
}
html_show_sourcelink = False
html_copy_source = False
html_show_copyright = False
html_static_path = ["_static"]
html_css_files = ["guides.css"]
