package org.vistadr.cli.commands;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;

/// Where the daemon's program and the Java to run it are, as the launcher says.
public final class DaemonProgram {

  /// The daemon's main class.
  public static final String MAIN_CLASS = "org.vistadr.server.VistadrDaemon";

  private DaemonProgram() {}

  /// The Java that runs children.
  public static Path java() {
    return Path.of(
        System.getProperty(
            "vistadr.java", Path.of(System.getProperty("java.home"), "bin", "java").toString()));
  }

  /// The daemon's class path: all jars of the folders in the property `vistadr.server.lib`.
  ///
  /// @throws CommandFailure when it is not installed here
  public static String classPath() {
    String folders = System.getProperty("vistadr.server.lib", "");
    boolean there =
        !folders.isEmpty()
            && Arrays.stream(folders.split(File.pathSeparator))
                .allMatch(folder -> Files.isDirectory(Path.of(folder)));
    if (!there) {
      throw CommandFailure.of(
              ExitCode.UNEXPECTED, "no-daemon", "the daemon's program is not installed here")
          .hint("use the launcher ./vistadr of a checkout, which builds what is missing");
    }
    return Arrays.stream(folders.split(File.pathSeparator))
        .flatMap(folder -> jars(Path.of(folder)))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /// One by one and always in the same order: what is recorded of a start is valid for one exact
  /// class path.
  private static Stream<String> jars(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(Path::toString)
          .filter(file -> file.endsWith(".jar") && !file.endsWith("-tests.jar"))
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
