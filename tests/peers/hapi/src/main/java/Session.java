import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.parser.StrictErrorHandler;
import ca.uhn.fhir.rest.api.EncodingEnum;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.client.api.ServerValidationModeEnum;
import ca.uhn.fhir.rest.client.interceptor.AdditionalRequestHeadersInterceptor;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.Parameters;

/**
 * One session of HAPI's client and of java.net.http: what a clinic asks a payer, each answer as one line of JSON.
 *
 * <p>{@code java Session FOLDER}: the folder holds asked.json: fhir (the base), headers, the bodies by name, and cds,
 * hook and hookHeaders for the call of a hook. HAPI's parser is set to be strict: an answer that it does not know how to
 * read ends the session. java.net.http asks to speak HTTP/2 over plain HTTP ({@code Upgrade: h2c}), as HL7's own client
 * of a clinic does.
 */
public final class Session {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final FhirContext FHIR = FhirContext.forR4();

    private Session() {}

    public static void main(String[] words) throws Exception {
        FHIR.setParserErrorHandler(new StrictErrorHandler());
        FHIR.getRestfulClientFactory().setServerValidationMode(ServerValidationModeEnum.NEVER);
        FHIR.getRestfulClientFactory().setSocketTimeout(60_000);
        JsonNode asked = JSON.readTree(Path.of(words[0], "asked.json").toFile());
        IGenericClient client = FHIR.newRestfulGenericClient(asked.get("fhir").asText());
        client.setEncoding(EncodingEnum.JSON);
        AdditionalRequestHeadersInterceptor headers = new AdditionalRequestHeadersInterceptor();
        asked.get("headers").fields().forEachRemaining(one -> headers.addHeaderValue(one.getKey(), one.getValue().asText()));
        client.registerInterceptor(headers);

        say("metadata", client.capabilities().ofType(CapabilityStatement.class).execute());
        say("$submit", wrapped(client, "Claim", "$submit", read(Bundle.class, asked.get("submit")), Bundle.class));
        Class<? extends IBaseResource> shown = asked.get("version").asText().equals("2.0") ? Bundle.class : Parameters.class;
        say("$inquire", wrapped(client, "Claim", "$inquire", read(Bundle.class, asked.get("inquire")), shown));
        say("$questionnaire-package", client.operation().onType("Questionnaire").named("$questionnaire-package")
                .withParameters(read(Parameters.class, asked.get("package"))).execute());
        refused(client);
        hook(asked);
    }

    /** What HAPI's client does with a resource: it sends it within Parameters. */
    private static <T extends IBaseResource> T wrapped(
            IGenericClient client, String kind, String name, IBaseResource body, Class<T> answer) {
        return client.operation().onType(kind).named(name).withParameter(Parameters.class, "resource", body)
                .returnResourceType(answer).execute();
    }

    private static void refused(IGenericClient client) throws Exception {
        try {
            wrapped(client, "Claim", "$submit", new Bundle().setType(Bundle.BundleType.COLLECTION), Bundle.class);
            say("refused", JSON.createObjectNode());
        } catch (BaseServerResponseException fault) {
            ObjectNode said = fault.getOperationOutcome() == null ? JSON.createObjectNode()
                    : (ObjectNode) JSON.readTree(parser().encodeResourceToString(fault.getOperationOutcome()));
            say("refused", said.put("status", fault.getStatusCode()));
        }
    }

    private static void hook(JsonNode asked) throws Exception {
        HttpClient plain = HttpClient.newHttpClient();
        HttpRequest services = HttpRequest.newBuilder(URI.create(asked.get("cds").asText())).build();
        say("cds-services", JSON.readTree(plain.send(services, HttpResponse.BodyHandlers.ofString()).body()));
        HttpRequest.Builder call = HttpRequest.newBuilder(URI.create(asked.get("cds").asText() + "/order-sign-crd"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(asked.get("hook"))));
        asked.get("hookHeaders").fields().forEachRemaining(one -> call.header(one.getKey(), one.getValue().asText()));
        HttpResponse<String> answer = plain.send(call.build(), HttpResponse.BodyHandlers.ofString());
        say("order-sign", ((ObjectNode) JSON.readTree(answer.body())).put("status", answer.statusCode()));
    }

    private static <T extends IBaseResource> T read(Class<T> kind, JsonNode said) throws Exception {
        return parser().parseResource(kind, JSON.writeValueAsString(said));
    }

    private static IParser parser() {
        return FHIR.newJsonParser();
    }

    private static void say(String name, IBaseResource answer) throws Exception {
        say(name, JSON.readTree(parser().encodeResourceToString(answer)));
    }

    private static void say(String name, JsonNode answer) throws Exception {
        System.out.println(JSON.writeValueAsString(JSON.createObjectNode().put("name", name).set("answer", answer)));
    }
}
