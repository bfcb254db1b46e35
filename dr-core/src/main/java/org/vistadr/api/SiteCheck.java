package org.vistadr.api;

import java.util.List;

/// `POST /api/v1/sites/{s}/check`: what works at a site.
///
/// @param site the site
/// @param ok whether nothing failed
/// @param steps in the order of trying
public record SiteCheck(String site, boolean ok, List<Step> steps) {

  /// @param name `connect`, `bucket`, `list`, `versioning`, `clock`, `write`, ...
  /// @param result `ok`, `note`, `warning`, `failed`, `skipped`
  /// @param detail what was seen
  /// @param hint what to do; empty
  public record Step(String name, String result, String detail, String hint) {}
}
