package org.vistadr.server.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.PropertyBindingException;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.dropwizard.configuration.ConfigurationFactory;
import io.dropwizard.configuration.ConfigurationSourceProvider;
import io.dropwizard.jackson.Jackson;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.vistadr.model.Sha256;

/// Reads the configuration file strictly: unknown and repeated keys, undefined variables and
/// amounts without a unit are errors, each with its place and what to do.
public final class ConfigReader implements ConfigurationFactory<DaemonConfiguration> {

  private final ObjectMapper mapper;
  private final ObjectMapper yaml;
  private final Variables variables;

  /// @param environment variables that the file may refer to
  public ConfigReader(Map<String, String> environment) {
    variables = new Variables(environment);
    yaml =
        new ObjectMapper(new YAMLFactory())
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
    SimpleModule quantities = new SimpleModule();
    quantities.addDeserializer(Duration.class, new DurationDeserializer());
    mapper =
        Jackson.newObjectMapper()
            .copy()
            .registerModule(quantities)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  }

  /// Reads a file.
  ///
  /// @throws ConfigProblem when it cannot be used
  @Override
  public DaemonConfiguration build(ConfigurationSourceProvider provider, String path) {
    try (InputStream input = provider.open(path)) {
      byte[] text = input.readAllBytes();
      JsonNode tree = yaml.readTree(text);
      if (!(tree instanceof ObjectNode root)) {
        throw new ConfigProblem(
            path,
            "it holds no keys",
            "start from the commented config.yml that comes with the product");
      }
      List<ConfigProblem.Finding> findings = new ArrayList<>();
      JsonNode resolved = withVariables(root, "", findings);
      if (!findings.isEmpty()) {
        throw new ConfigProblem(findings);
      }
      return mapper
          .treeToValue(resolved, DaemonConfiguration.class)
          .readFrom("%s sha256:%s".formatted(path, Sha256.digest(text, 0, text.length).hex()));
    } catch (java.io.FileNotFoundException | NoSuchFileException _) {
      throw new ConfigProblem(
          path,
          "there is no such file",
          "name the configuration file, /etc/vistadr/config.yml say");
    } catch (JsonMappingException e) {
      throw new ConfigProblem(List.of(finding(e)));
    } catch (JsonProcessingException e) {
      throw new ConfigProblem(
          Optional.ofNullable(e.getLocation())
              .map(at -> "%s line %d column %d".formatted(path, at.getLineNr(), at.getColumnNr()))
              .orElse(path),
          firstLine(e.getOriginalMessage()),
          "the file is YAML: check indentation, quotes and repeated keys");
    } catch (IOException e) {
      throw new ConfigProblem(path, "cannot be read: " + e.getMessage(), "check its permissions");
    }
  }

  @Override
  public DaemonConfiguration build() {
    throw new ConfigProblem("config.yml", "no file was named", "name the configuration file");
  }

  private JsonNode withVariables(JsonNode node, String path, List<ConfigProblem.Finding> findings) {
    if (node instanceof ObjectNode object) {
      object
          .properties()
          .forEach(entry ->
              entry.setValue(
                  withVariables(
                      entry.getValue(),
                      path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(),
                      findings)));
      return object;
    }
    if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, withVariables(array.get(i), "%s[%d]".formatted(path, i), findings));
      }
      return array;
    }
    if (node instanceof TextNode text && text.textValue().contains("${")) {
      Variables.Result result = variables.resolve(text.textValue());
      result
          .missing()
          .forEach(name ->
              findings.add(
                  new ConfigProblem.Finding(
                      path,
                      "the environment variable %s is not set".formatted(name),
                      "set %s, or write a value or a default: ${%s:-value}"
                          .formatted(name, name))));
      return TextNode.valueOf(result.text());
    }
    return node;
  }

  private static ConfigProblem.Finding finding(JsonMappingException e) {
    String key = path(e);
    if (e instanceof PropertyBindingException unknown) {
      List<String> known =
          Optional.<Collection<Object>>ofNullable(unknown.getKnownPropertyIds()).stream()
              .flatMap(Collection::stream)
              .map(String::valueOf)
              .sorted()
              .toList();
      return new ConfigProblem.Finding(
          key,
          "there is no such key",
          DidYouMean.closest(unknown.getPropertyName(), known)
              .map("did you mean %s?"::formatted)
              .orElse("keys here are " + String.join(", ", known)));
    }
    // The value itself may be a secret in the wrong place, so only our own messages quote it.
    if (e.getCause() instanceof IllegalArgumentException ours) {
      return new ConfigProblem.Finding(
          key, String.valueOf(ours.getMessage()), "correct the value and check again");
    }
    if (e instanceof InvalidFormatException format && format.getTargetType().isEnum()) {
      return new ConfigProblem.Finding(
          key,
          "not a known value",
          Arrays.stream(format.getTargetType().getEnumConstants())
              .map(value -> value.toString().toLowerCase(Locale.ROOT))
              .collect(Collectors.joining(", ", "use one of ", "")));
    }
    return new ConfigProblem.Finding(key, "the value has the wrong shape", expected(e));
  }

  private static String expected(JsonMappingException e) {
    if (!(e instanceof MismatchedInputException mismatch) || mismatch.getTargetType() == null) {
      return "compare with the commented config.yml";
    }
    Class<?> type = mismatch.getTargetType();
    return type == Duration.class || type == Timetable.class || type == Rate.class
        ? "write a number with its unit: 15m, 200 Mbit/s"
        : "a %s is expected here".formatted(type.getSimpleName().toLowerCase(Locale.ROOT));
  }

  private static String path(JsonMappingException e) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return path.isEmpty() ? "config.yml" : path.toString();
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("not YAML");
  }

  private static final class DurationDeserializer extends FromStringDeserializer<Duration> {
    @Serial private static final long serialVersionUID = 1L;

    private DurationDeserializer() {
      super(Duration.class);
    }

    @Override
    protected Duration _deserialize(
        String text, com.fasterxml.jackson.databind.DeserializationContext context)
        throws IOException {
      try {
        return Quantities.duration(text);
      } catch (IllegalArgumentException e) {
        throw JsonMappingException.from(context.getParser(), e.getMessage(), e);
      }
    }
  }
}
