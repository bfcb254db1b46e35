package org.vistadr.api;

import java.util.List;

/// `POST /api/v1/sites/{s}/check`: what works at a site.
///
/// @param site the site
/// @param ok whether nothing failed
/// @param steps in the order of trying
/// @param policies what the access keys for it have to be allowed, and nothing else
public record SiteCheck(String site, boolean ok, List<Step> steps, List<Policy> policies) {

  /// @param use `daily`, or `prune` for the key that may remove versions
  /// @param json an S3 policy
  public record Policy(String use, String json) {}

  /// @param name `connect`, `bucket`, `list`, `versioning`, `clock`, `write`, ...
  /// @param result `ok`, `note`, `warning`, `failed`, `skipped`
  /// @param detail what was seen
  /// @param hint what to do; empty
  public record Step(String name, String result, String detail, String hint) {}
}
