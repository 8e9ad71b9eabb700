// Validates FHIR R4 JSON files offline: HAPI's instance validator is the code of the official HL7 validator.
// Usage: Validate [--lenient | --strict] [--package FILE.tgz]... (FILE.json | FOLDER)...
// Without --lenient or --strict each file is validated both ways. Strict: unknown profiles and extensions, and references
// that do not resolve, are errors. Profiles are those of meta.profile. Exit 0: no error, 3: errors.
// A line for each error and warning: mode, file, severity, kind, place, text, with tabs between.

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import ca.uhn.fhir.validation.SingleValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.r5.utils.validation.constants.BestPracticeWarningLevel;
import org.hl7.fhir.utilities.npm.NpmPackage;

public final class Validate {
  private static final List<String> CONFORMANCE = List.of("StructureDefinition-", "ValueSet-", "CodeSystem-");

  public static void main(String[] args) throws IOException {
    List<Path> packages = new ArrayList<>();
    List<Path> files = new ArrayList<>();
    List<String> modes = List.of("lenient", "strict");
    for (int at = 0; at < args.length; at++) {
      switch (args[at]) {
        case "--package" -> packages.add(Path.of(args[++at]));
        case "--lenient", "--strict" -> modes = List.of(args[at].substring(2));
        default -> files.addAll(in(Path.of(args[at])));
      }
    }
    FhirContext context = FhirContext.forR4();
    PrePopulatedValidationSupport guides = new PrePopulatedValidationSupport(context);
    int loaded = 0;
    for (Path path : packages) loaded += load(context, guides, path);
    IValidationSupport chain =
        new ValidationSupportChain(
            guides,
            new DefaultProfileValidationSupport(context),
            new CommonCodeSystemsTerminologyService(context),
            new InMemoryTerminologyServerValidationSupport(context),
            new SnapshotGeneratingValidationSupport(context));
    int errors = 0;
    for (String mode : modes) {
      FhirValidator validator = validator(context, chain, mode.equals("strict"));
      for (Path file : files) {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        for (SingleValidationMessage said : validator.validateWithResult(text).getMessages()) {
          if (said.getSeverity() == ResultSeverityEnum.INFORMATION) continue;
          if (said.getSeverity() != ResultSeverityEnum.WARNING) errors++;
          String plain = said.getMessage().replaceAll("\\s+", " ");
          System.out.println(
              String.join(
                  "\t",
                  mode,
                  file.getFileName().toString(),
                  said.getSeverity().toString(),
                  String.valueOf(said.getMessageId()),
                  String.valueOf(said.getLocationString()),
                  plain));
        }
      }
    }
    System.out.println("# " + files.size() + " files, " + loaded + " definitions, " + errors + " errors");
    System.exit(errors == 0 ? 0 : 3);
  }

  private static FhirValidator validator(FhirContext context, IValidationSupport chain, boolean strict) {
    FhirInstanceValidator instances = new FhirInstanceValidator(chain);
    instances.setNoTerminologyChecks(false);
    instances.setErrorForUnknownProfiles(strict);
    instances.setAnyExtensionsAllowed(!strict);
    instances.setAssumeValidRestReferences(!strict);
    instances.setNoExtensibleWarnings(!strict);
    instances.setBestPracticeWarningLevel(BestPracticeWarningLevel.Ignore);
    return context.newValidator().registerValidatorModule(instances);
  }

  private static List<Path> in(Path place) throws IOException {
    if (!Files.isDirectory(place)) return List.of(place);
    try (Stream<Path> found = Files.list(place)) {
      return found.filter(path -> path.toString().endsWith(".json")).sorted().toList();
    }
  }

  private static int load(FhirContext context, PrePopulatedValidationSupport guides, Path path) throws IOException {
    int count = 0;
    try (InputStream stream = Files.newInputStream(path)) {
      NpmPackage.NpmPackageFolder folder = NpmPackage.fromPackage(stream).getFolders().get("package");
      for (String name : folder.listFiles()) {
        if (!name.endsWith(".json") || CONFORMANCE.stream().noneMatch(name::startsWith)) continue;
        String json = new String(folder.fetchFile(name), StandardCharsets.UTF_8);
        guides.addResource(context.newJsonParser().parseResource(json));
        count++;
      }
    }
    return count;
  }
}
