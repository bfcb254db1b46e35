package org.vistadr.restore.run;

import java.time.InstantSource;
import org.vistadr.catalog.Catalog;
import org.vistadr.restore.plan.RestoreSettings;
import org.vistadr.restore.source.Sources;
import org.vistadr.restore.target.Targets;
import org.vistadr.restore.view.Moments;

/// What every run of a restore works with.
///
/// @param moments brings the catalog up to date
public record Equipment(
    Catalog catalog,
    Targets targets,
    Sources sources,
    Moments moments,
    RestoreSettings settings,
    InstantSource clock) {}
