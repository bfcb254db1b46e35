package org.vistadr.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The alert rules that are shipped.
final class AlertRulesTest {

  private static final Path ROOT = Path.of("..");

  @Test
  void everyAlertHasARunbookOfItsNameAndEveryAlertRunbookAnAlert() throws Exception {
    List<String> alerts = new ArrayList<>();
    JsonNode rules =
        new ObjectMapper(new YAMLFactory())
            .readTree(ROOT.resolve("monitoring/vistadr.rules.yml").toFile());
    for (JsonNode group : rules.path("groups")) {
      for (JsonNode rule : group.path("rules")) {
        if (rule.has("alert")) {
          String alert = rule.path("alert").asText();
          alerts.add(alert + ".md");
          assertThat(rule.at("/labels/severity").asText()).isIn("critical", "warning");
          assertThat(rule.at("/annotations/runbook_url").asText())
              .isEqualTo("runbooks/" + alert + ".md");
        }
      }
    }
    try (Stream<Path> runbooks = Files.list(ROOT.resolve("runbooks"))) {
      assertThat(alerts)
          .containsExactlyInAnyOrderElementsOf(
              runbooks
                  .map(file -> file.getFileName().toString())
                  .filter(name -> name.startsWith("VistaDr"))
                  .toList());
    }
  }
}
