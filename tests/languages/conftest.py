"""A fresh project for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.languages.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The files of the page, without packages."""
    return Project(tmp_path)


@pytest.fixture
def equipped(project: Project) -> Project:
    """The files of the page and the packages that they import."""
    project.use_tools()
    return project
