package org.vistadr.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The command line's package rules: it speaks to the daemon and to the engine, never past them.
final class ArchitectureTest {

  private static JavaClasses commandLine;

  @BeforeAll
  static void readTheCommandLine() {
    commandLine = new ClassFileImporter().importPath(Path.of("target/classes"));
  }

  @Test
  void theCommandLineReachesStoresAndCatalogThroughTheEngine() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "software.amazon.awssdk..",
            "io.minio..",
            "okhttp3..",
            "org.apache.hc..",
            "java.sql..",
            "javax.sql..",
            "org.jdbi..",
            "org.h2..",
            "org.flywaydb..")
        .check(commandLine);
  }

  @Test
  void packagesAreNamedAfterWhatLivesInThem() {
    noClasses()
        .should()
        .resideInAnyPackage("..util..", "..utils..", "..common..", "..manager..", "..impl..")
        .check(commandLine);
  }
}
