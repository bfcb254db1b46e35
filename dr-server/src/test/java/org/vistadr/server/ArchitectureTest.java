package org.vistadr.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The daemon's package rules: each library stays at its own edge.
final class ArchitectureTest {

  private static JavaClasses daemon;

  @BeforeAll
  static void readTheDaemon() {
    daemon = new ClassFileImporter().importPath(Path.of("target/classes"));
  }

  @Test
  void quartzStaysInJobs() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.vistadr.server.jobs..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.quartz..")
        .check(daemon);
  }

  @Test
  void jaxRsStaysInResources() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.vistadr.server.resources..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("jakarta.ws.rs..", "org.glassfish.jersey..")
        .check(daemon);
  }

  @Test
  void theDaemonReachesStoresAndCatalogThroughTheEngine() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "software.amazon.awssdk..",
            "io.minio..",
            "okhttp3..",
            "org.apache.hc..",
            "org.jdbi..",
            "org.h2..",
            "org.flywaydb..")
        .check(daemon);
  }

  @Test
  void sqlIsSpokenOnlyForTheJobStore() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.vistadr.server.jobs..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..")
        .check(daemon);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("org.vistadr.server.(*)..").should().beFreeOfCycles().check(daemon);
  }

  @Test
  void packagesAreNamedAfterWhatLivesInThem() {
    noClasses()
        .should()
        .resideInAnyPackage("..util..", "..utils..", "..common..", "..manager..", "..impl..")
        .check(daemon);
  }
}
