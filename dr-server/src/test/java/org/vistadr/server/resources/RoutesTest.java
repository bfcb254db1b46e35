package org.vistadr.server.resources;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.jaxrs2.Reader;
import io.swagger.v3.oas.integration.SwaggerConfiguration;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import jakarta.ws.rs.HttpMethod;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every route has a role, and the checked-in OpenAPI document is the routes'.
final class RoutesTest {

  private static final Path DOCUMENT = Path.of("src/main/resources/openapi.json");

  @Test
  void everyRouteNamesARole() {
    List<Method> routes = routes().toList();
    assertThat(routes).hasSizeGreaterThan(25);
    assertThat(routes).allSatisfy(route -> assertThat(route).matches(RoutesTest::namesARole));
  }

  @Test
  void everyRouteThatChangesSomethingIsAudited() {
    assertThat(
            routes()
                .filter(route -> !route.isAnnotationPresent(jakarta.ws.rs.GET.class))
                .filter(route -> !route.isAnnotationPresent(Audited.class))
                .map(route -> route.getDeclaringClass().getSimpleName() + "." + route.getName()))
        // A look at a site changes nothing.
        .containsExactly("SitesResource.check");
  }

  @Test
  void everyRouteClassIsListed() throws Exception {
    Path classes = Path.of("target/classes/org/vistadr/server/resources");
    try (Stream<Path> files = Files.list(classes)) {
      assertThat(
              files
                  .map(file -> file.getFileName().toString())
                  .filter(name -> name.endsWith("Resource.class"))
                  .map(name -> name.substring(0, name.length() - 6)))
          .containsExactlyInAnyOrderElementsOf(
              Api.ROUTES.stream().map(Class::getSimpleName).toList());
    }
  }

  @Test
  void theOpenApiDocumentIsTheRoutes() throws Exception {
    String generated = document();
    if (Boolean.getBoolean("vistadr.openapi.write")) {
      Files.writeString(DOCUMENT, generated);
    }
    ObjectMapper json = new ObjectMapper();
    JsonNode checkedIn = json.readTree(Files.readString(DOCUMENT));
    assertThat(json.readTree(generated))
        .as("write it anew with -DtestArgLine=-Dvistadr.openapi.write=true")
        .isEqualTo(checkedIn);
    assertThat(checkedIn.path("openapi").asText()).startsWith("3.1");
  }

  private static boolean namesARole(Method route) {
    return route.isAnnotationPresent(Needs.class);
  }

  private static Stream<Method> routes() {
    return Api.ROUTES.stream()
        .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
        .filter(method ->
            Arrays.stream(method.getAnnotations())
                .anyMatch(annotation ->
                    annotation.annotationType().isAnnotationPresent(HttpMethod.class)));
  }

  private static String document() throws Exception {
    OpenAPI base =
        new OpenAPI()
            .openapi("3.1.0")
            .info(new Info().title("VISTA DR").version("v1"))
            .addSecurityItem(new SecurityRequirement().addList("token"))
            .components(
                new Components()
                    .addSecuritySchemes(
                        "token",
                        new SecurityScheme().type(SecurityScheme.Type.HTTP).scheme("bearer")));
    OpenAPI read =
        new Reader(new SwaggerConfiguration().openAPI(base).openAPI31(true).sortOutput(true))
            .read(new LinkedHashSet<>(Api.ROUTES));
    JsonNode tree = Json31.mapper().valueToTree(read);
    return new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .writeValueAsString(new ObjectMapper().treeToValue(tree, Object.class))
        + "\n";
  }
}
