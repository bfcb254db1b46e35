package org.vistadr.model;

import java.util.Optional;

/// The part of a plan whose bytes come from one place in one way.
///
/// @param from the site that has the bytes
/// @param storageClass their class there; empty for the default
/// @param onServer whether the provider copies them itself, so that no byte passes the daemon
/// @param frozen whether they must be thawed first
/// @param amount how much
public record RestorePortion(
    SiteName from,
    Optional<String> storageClass,
    boolean onServer,
    boolean frozen,
    RestorePlan.Amount amount) {}
