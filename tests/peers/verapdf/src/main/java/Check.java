// Holds PDF files against PDF/UA-1 (ISO 14289-1) by veraPDF's own validation model, offline.
// Usage: Check (FILE.pdf | FOLDER)...
// A line for each place that breaks a rule: file, clause and number of the rule, place, text, with tabs between.
// Exit 0: no error, 3: errors.

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.verapdf.core.ModelParsingException;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

public final class Check {
  private static final PDFAFlavour RULES = PDFAFlavour.PDFUA_1;

  public static void main(String[] args) throws Exception {
    Logger.getLogger("").setLevel(Level.OFF);
    VeraGreenfieldFoundryProvider.initialise();
    List<Path> files = new ArrayList<>();
    for (String arg : args) files.addAll(in(Path.of(arg)));
    int errors = 0;
    long checks = 0;
    for (Path file : files) {
      ValidationResult result;
      try {
        result = validated(file);
      } catch (ModelParsingException fault) {
        errors++;
        System.out.println(String.join("\t", file.getFileName().toString(), "unread", "", "is no PDF that can be read"));
        continue;
      }
      checks += result.getTotalAssertions();
      for (TestAssertion one : result.getTestAssertions()) {
        if (one.getStatus() != TestAssertion.Status.FAILED) continue;
        errors++;
        String rule = one.getRuleId().getClause() + "-" + one.getRuleId().getTestNumber();
        String said = one.getErrorMessage() == null ? one.getMessage() : one.getErrorMessage();
        String place = one.getLocation().getContext();
        System.out.println(String.join("\t", file.getFileName().toString(), rule, place, said.replaceAll("\\s+", " ")));
      }
    }
    System.out.println("# " + files.size() + " files, " + checks + " checks, " + errors + " errors");
    System.exit(errors == 0 ? 0 : 3);
  }

  private static ValidationResult validated(Path file) throws Exception {
    try (PDFAParser parser = Foundries.defaultInstance().createParser(file.toFile(), RULES);
        PDFAValidator validator = Foundries.defaultInstance().createValidator(RULES, false)) {
      return validator.validate(parser);
    }
  }

  private static List<Path> in(Path place) throws IOException {
    if (!Files.isDirectory(place)) return List.of(place);
    try (Stream<Path> found = Files.list(place)) {
      return found.filter(path -> path.toString().endsWith(".pdf")).sorted().toList();
    }
  }
}
