"""Pure: what foreign services and catalogues say of themselves -> dataclasses. No Django, no network, no entity of a document opened."""
