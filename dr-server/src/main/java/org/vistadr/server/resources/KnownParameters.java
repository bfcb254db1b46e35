package org.vistadr.server.resources;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import jakarta.ws.rs.ext.Provider;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.vistadr.server.config.DidYouMean;

/// Refuses query parameters that a route does not have: a misspelt `at` must not list the present.
/// Repeated ones too, because only one of them would count.
@Provider
public final class KnownParameters implements DynamicFeature {

  @Override
  public void configure(ResourceInfo route, FeatureContext context) {
    List<String> known =
        Arrays.stream(route.getResourceMethod().getParameters())
            .flatMap(parameter -> Stream.ofNullable(parameter.getAnnotation(QueryParam.class)))
            .map(QueryParam::value)
            .toList();
    context.register(new Check(known));
  }

  @Priority(Priorities.USER)
  private static final class Check implements ContainerRequestFilter {

    private final List<String> known;

    private Check(List<String> known) {
      this.known = known;
    }

    @Override
    public void filter(ContainerRequestContext request) {
      request
          .getUriInfo()
          .getQueryParameters()
          .forEach((name, values) -> {
            if (!known.contains(name)) {
              throw ApiException.bad(
                  "unknown-parameter",
                  "there is no parameter '%s' here".formatted(name),
                  DidYouMean.closest(name, known)
                      .map("did you mean %s?"::formatted)
                      .orElse(
                          known.isEmpty()
                              ? "this path takes none"
                              : "parameters are " + String.join(", ", known)));
            }
            if (values.size() > 1) {
              throw ApiException.bad(
                  "repeated-parameter", "'%s' is given twice".formatted(name), "give it once");
            }
          });
    }
  }
}
