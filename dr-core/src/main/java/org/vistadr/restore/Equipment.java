package org.vistadr.restore;

import java.time.InstantSource;
import org.vistadr.catalog.Catalog;

/// What every run of a restore works with.
///
/// @param moments brings the catalog up to date
record Equipment(
    Catalog catalog,
    Targets targets,
    Sources sources,
    Moments moments,
    RestoreSettings settings,
    InstantSource clock) {}
