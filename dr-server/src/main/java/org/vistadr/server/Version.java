package org.vistadr.server;

import java.util.Optional;

/// What is running, from the jar's manifest.
final class Version {

  static final String NUMBER =
      Optional.ofNullable(VistadrDaemon.class.getPackage().getImplementationVersion())
          .orElse("dev");
  static final String REVISION =
      Optional.ofNullable(VistadrDaemon.class.getPackage().getSpecificationVersion())
          .orElse("unknown");

  private Version() {}
}
