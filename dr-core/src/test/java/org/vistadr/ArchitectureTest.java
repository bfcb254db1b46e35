package org.vistadr;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The engine's package rules: who may know whom, and where time and chance come from.
final class ArchitectureTest {

  /// Classes that may read the machine's clock, sleep or draw chance themselves. Each needs a
  /// reason beside it.
  private static final Set<String> MAY_READ_THE_CLOCK = Set.of();

  private static JavaClasses engine;

  @BeforeAll
  static void readTheEngine() {
    engine = new ClassFileImporter().importPath(Path.of("target/classes"));
  }

  @Test
  void modelKnowsTheJdkOnly() {
    classes()
        .that()
        .resideInAPackage("org.vistadr.model..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("", "java..", "org.jspecify..", "org.vistadr.model..")
        .check(engine);
  }

  @Test
  void s3SdksStayInStorage() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.vistadr.storage..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "software.amazon.awssdk..", "io.minio..", "okhttp3..", "org.apache.hc..")
        .check(engine);
  }

  @Test
  void sqlStaysInCatalog() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.vistadr.catalog..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..", "org.jdbi..", "org.h2..", "org.flywaydb..")
        .check(engine);
  }

  @Test
  void storageKnowsTheModelOnly() {
    mayKnowOfTheEngine("storage", "model");
  }

  @Test
  void catalogKnowsTheModelOnly() {
    mayKnowOfTheEngine("catalog", "model");
  }

  @Test
  void apiKnowsTheModelOnly() {
    mayKnowOfTheEngine("api", "model");
  }

  @Test
  void syncRestoreAndProtectDoNotKnowEachOther() {
    mayKnowOfTheEngine("sync", "model", "storage", "catalog");
    mayKnowOfTheEngine("restore", "model", "storage", "catalog");
    mayKnowOfTheEngine("protect", "model", "storage", "catalog");
    mayKnowOfTheEngine("segments", "model", "storage", "catalog");
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("org.vistadr.(*)..").should().beFreeOfCycles().check(engine);
    slices().matching("org.vistadr.restore.(*)..").should().beFreeOfCycles().check(engine);
  }

  @Test
  void packagesAreNamedAfterWhatLivesInThem() {
    noClasses()
        .should()
        .resideInAnyPackage("..util..", "..utils..", "..common..", "..manager..", "..impl..")
        .check(engine);
  }

  @Test
  void timeAndChanceComeFromOutside() {
    noClasses()
        .that(describe("are not excepted", type -> !MAY_READ_THE_CLOCK.contains(type.getName())))
        .should()
        .callCodeUnitWhere(
            target(
                describe(
                    "reads the machine's clock, sleeps or draws chance",
                    ArchitectureTest::isTimeOrChance)))
        .check(engine);
  }

  @Test
  void nothingPrints() {
    NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(engine);
  }

  private static void mayKnowOfTheEngine(String who, String... whom) {
    var allowed = Set.of(whom);
    noClasses()
        .that()
        .resideInAPackage("org.vistadr." + who + "..")
        .should()
        .dependOnClassesThat(
            describe(
                "are of the engine, but not of " + who + " or " + allowed,
                type -> {
                  var name = type.getPackageName();
                  if (!name.startsWith("org.vistadr.")) {
                    return false;
                  }
                  var first = name.substring("org.vistadr.".length()).split("\\.", 2)[0];
                  return !first.equals(who) && !allowed.contains(first);
                }))
        .check(engine);
  }

  private static boolean isTimeOrChance(CodeUnitCallTarget call) {
    var owner = call.getOwner().getName();
    var name = call.getName();
    var noArguments = call.getRawParameterTypes().isEmpty();
    return switch (owner) {
      case "java.lang.System" -> name.equals("currentTimeMillis");
      case "java.lang.Thread", "java.util.concurrent.TimeUnit" -> name.equals("sleep");
      case "java.lang.Math" -> name.equals("random");
      case "java.util.Random" -> name.equals("<init>") && noArguments;
      case "java.util.concurrent.ThreadLocalRandom" -> name.equals("current");
      case "java.time.Clock" -> name.startsWith("system");
      default -> owner.startsWith("java.time.") && name.equals("now") && noArguments;
    };
  }
}
