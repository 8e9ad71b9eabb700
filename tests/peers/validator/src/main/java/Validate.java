// Validates FHIR R4 JSON files offline: HAPI's instance validator is the code of the official HL7 validator.
// Usage: Validate [--lenient | --strict] [--package FILE.tgz]... [--no-terminology] [--take URL]... [--stand-in URL]...
//     (FILE.json | FOLDER)... [--and ...]...
// --no-terminology: codes of systems that are not here are taken as they are. --take: so is any code of a value set. --stand-in: an extension of a guide that is
// not here; whatever it holds is taken.
// What follows --and is validated apart, with packages of its own: a guide in another version has the same urls.
// Without --lenient or --strict each file is validated both ways. Strict: unknown profiles and extensions, and references
// that do not resolve, are errors. Profiles are those of meta.profile. Exit 0: no error, 3: errors.
// A line for each error and warning: mode, file, severity, kind, place, text, with tabs between.

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.ConceptValidationOptions;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.context.support.ValidationSupportContext;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import ca.uhn.fhir.validation.SingleValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.ElementDefinition;
import org.hl7.fhir.r4.model.StructureDefinition;
import org.hl7.fhir.r4.model.UriType;
import org.hl7.fhir.r4.model.ValueSet;
import org.hl7.fhir.r5.utils.validation.constants.BestPracticeWarningLevel;
import org.hl7.fhir.utilities.npm.NpmPackage;

public final class Validate {
  private static final List<String> CONFORMANCE = List.of("StructureDefinition-", "ValueSet-", "CodeSystem-");

  public static void main(String[] args) throws IOException {
    FhirContext context = FhirContext.forR4();
    int files = 0;
    int loaded = 0;
    int errors = 0;
    for (List<String> part : parts(args)) {
      Group group = group(context, part);
      files += group.files.size();
      loaded += group.loaded;
      errors += validate(context, group);
    }
    System.out.println("# " + files + " files, " + loaded + " definitions, " + errors + " errors");
    System.exit(errors == 0 ? 0 : 3);
  }

  private record Group(IValidationSupport chain, int loaded, List<String> modes, List<Path> files) {}

  private static List<List<String>> parts(String[] args) {
    List<List<String>> parts = new ArrayList<>(List.of(new ArrayList<>()));
    for (String arg : args) {
      if (arg.equals("--and")) parts.add(new ArrayList<>());
      else parts.get(parts.size() - 1).add(arg);
    }
    return parts;
  }

  private static Group group(FhirContext context, List<String> args) throws IOException {
    PrePopulatedValidationSupport guides = new PrePopulatedValidationSupport(context);
    DefaultProfileValidationSupport base = new DefaultProfileValidationSupport(context);
    List<Path> files = new ArrayList<>();
    List<String> modes = List.of("lenient", "strict");
    Set<String> taken = new HashSet<>();
    boolean terminology = true;
    int loaded = 0;
    for (int at = 0; at < args.size(); at++) {
      switch (args.get(at)) {
        case "--package" -> loaded += load(context, guides, Path.of(args.get(++at)));
        case "--lenient", "--strict" -> modes = List.of(args.get(at).substring(2));
        case "--no-terminology" -> terminology = false;
        case "--take" -> taken.add(args.get(++at));
        case "--stand-in" -> guides.addStructureDefinition(standIn(base, args.get(++at)));
        default -> files.addAll(in(Path.of(args.get(at))));
      }
    }
    ValidationSupportChain chain =
        new ValidationSupportChain(
            new Taken(context, taken),
            guides,
            base,
            new Unversioned(context, guides, base),
            new CommonCodeSystemsTerminologyService(context),
            new InMemoryTerminologyServerValidationSupport(context),
            new SnapshotGeneratingValidationSupport(context));
    if (!terminology) {
      UnknownCodeSystemWarningValidationSupport unknown = new UnknownCodeSystemWarningValidationSupport(context);
      unknown.setNonExistentCodeSystemSeverity(IValidationSupport.IssueSeverity.WARNING);
      chain.addValidationSupport(unknown);
    }
    return new Group(chain, loaded, modes, files);
  }

  /** Takes any code of some value sets. */
  private record Taken(FhirContext context, Set<String> valueSets) implements IValidationSupport {
    @Override
    public FhirContext getFhirContext() {
      return context;
    }

    private boolean has(String url) {
      return url != null && valueSets.contains(url.contains("|") ? url.substring(0, url.indexOf('|')) : url);
    }

    @Override
    public boolean isValueSetSupported(ValidationSupportContext root, String url) {
      return has(url);
    }

    @Override
    public CodeValidationResult validateCode(
        ValidationSupportContext root, ConceptValidationOptions options, String system, String code, String display, String url) {
      return has(url) ? new CodeValidationResult().setCode(code) : null;
    }

    @Override
    public CodeValidationResult validateCodeInValueSet(
        ValidationSupportContext root, ConceptValidationOptions options, String system, String code, String display, IBaseResource set) {
      return set instanceof ValueSet one && has(one.getUrl()) ? new CodeValidationResult().setCode(code) : null;
    }
  }

  /** Finds a definition that is asked for in a version (url|4.0.1) which it does not bear here. */
  private record Unversioned(FhirContext context, IValidationSupport guides, IValidationSupport base)
      implements IValidationSupport {
    @Override
    public FhirContext getFhirContext() {
      return context;
    }

    @Override
    public IBaseResource fetchStructureDefinition(String url) {
      if (!url.contains("|")) return null;
      String plain = url.substring(0, url.indexOf('|'));
      IBaseResource found = guides.fetchStructureDefinition(plain);
      return found != null ? found : base.fetchStructureDefinition(plain);
    }
  }

  private static StructureDefinition standIn(IValidationSupport base, String url) {
    StructureDefinition made =
        ((StructureDefinition) base.fetchStructureDefinition("http://hl7.org/fhir/StructureDefinition/Extension")).copy();
    made.setUrl(url);
    made.setId(url.substring(url.lastIndexOf('/') + 1));
    made.setName("StandIn");
    made.setDerivation(StructureDefinition.TypeDerivationRule.CONSTRAINT);
    made.setBaseDefinition("http://hl7.org/fhir/StructureDefinition/Extension");
    made.addContext().setType(StructureDefinition.ExtensionContextType.ELEMENT).setExpression("Element");
    for (ElementDefinition one : made.getSnapshot().getElement())
      if (one.getPath().equals("Extension.url")) one.setFixed(new UriType(url));
    return made;
  }

  private static int validate(FhirContext context, Group group) throws IOException {
    int errors = 0;
    for (String mode : group.modes) {
      FhirValidator validator = validator(context, group.chain, mode.equals("strict"));
      for (Path file : group.files) {
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
    return errors;
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
