package org.vistadr.server.engine;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.vistadr.api.AdoptionReport;
import org.vistadr.model.Sha256;
import org.vistadr.model.SiteName;
import org.vistadr.segments.Adopted;
import org.vistadr.segments.Adoption;
import org.vistadr.server.config.DaemonConfiguration;
import org.vistadr.server.config.Sites;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.ObjectStores;
import org.vistadr.storage.RequestObserver;
import org.vistadr.storage.StorageException;

/// Rebuilds a catalog as a configuration names the secondary. Only that secondary's section and
/// credentials are needed.
public final class CatalogAdoption {

  private CatalogAdoption() {}

  /// @param from name of the secondary
  /// @param directory where the catalog is to be
  public static AdoptionReport adopt(
      DaemonConfiguration configuration,
      Map<String, String> environment,
      String from,
      Path directory,
      Clock clock,
      Adoption.Progress progress)
      throws StorageException {
    try (ObjectStore store =
        ObjectStores.open(
            Sites.secondary(configuration, environment, from), clock, RequestObserver.NONE)) {
      Adopted adopted =
          new Adoption(
                  store,
                  configuration.secondaries().stream()
                      .map(section -> new SiteName(section.name()))
                      .toList(),
                  clock,
                  progress)
              .adopt(directory);
      return new AdoptionReport(
          adopted.from().value(),
          directory.toString(),
          adopted.stateAt(),
          adopted.digest().map(Sha256::hex),
          adopted.proved(),
          adopted.segments(),
          adopted.versions(),
          adopted.listed(),
          adopted.uncertain());
    }
  }
}
