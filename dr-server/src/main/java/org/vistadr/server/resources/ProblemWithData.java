package org.vistadr.server.resources;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Map;
import org.vistadr.api.Problem;

/// A problem with more members for programs, `earliest` say.
///
/// @param problem the problem
/// @param data more members beside it
record ProblemWithData(@JsonUnwrapped Problem problem, @JsonAnyGetter Map<String, String> data) {}
