package io.sparkvlm.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Holds the arrows between the modules. */
@AnalyzeClasses(packages = "io.sparkvlm", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
    private static final String API = "io.sparkvlm.api..";
    private static final String CHECKPOINT = "io.sparkvlm.checkpoint..";
    private static final String OUTCOME = "io.sparkvlm.outcome..";
    private static final String GRAMMAR = "io.sparkvlm.grammar..";
    private static final String TORCH = "io.sparkvlm.torch..";
    private static final String PREPROCESSING = "io.sparkvlm.preprocessing..";
    private static final String ENGINE = "io.sparkvlm.engine..";
    private static final String SERVER = "io.sparkvlm.server..";
    private static final String SPARK = "io.sparkvlm.spark..";
    private static final String JOB = "io.sparkvlm.job..";

    @ArchTest
    static final ArchRule theApiKnowsNobody = noClasses()
            .that()
            .resideInAnyPackage(API, OUTCOME)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    CHECKPOINT,
                    GRAMMAR,
                    TORCH,
                    PREPROCESSING,
                    ENGINE,
                    SERVER,
                    SPARK,
                    JOB,
                    "com.fasterxml..",
                    "org.bytedeco..");

    @ArchTest
    static final ArchRule theReaderOfCheckpointsKnowsTheApiAlone = noClasses()
            .that()
            .resideInAPackage(CHECKPOINT)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(OUTCOME, GRAMMAR, TORCH, PREPROCESSING, ENGINE, SERVER, SPARK, JOB, "org.bytedeco..");

    @ArchTest
    static final ArchRule torchKnowsNobody = noClasses()
            .that()
            .resideInAPackage(TORCH)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(API, GRAMMAR, PREPROCESSING, ENGINE, SERVER, SPARK, JOB);

    @ArchTest
    static final ArchRule whatLoadsNativeLibrariesKnowsNoTensor = noClasses()
            .that()
            .resideInAPackage("io.sparkvlm.torch.natives..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.sparkvlm.torch", "io.sparkvlm.torch.device", "org.bytedeco.pytorch..");

    @ArchTest
    static final ArchRule whatStartsKernelsOnGpusKnowsNoTensor = noClasses()
            .that()
            .resideInAPackage("io.sparkvlm.torch.gpu..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.sparkvlm.torch", "io.sparkvlm.torch.device", "org.bytedeco.pytorch..");

    @ArchTest
    static final ArchRule whatChoosesADeviceKnowsNoTensor = noClasses()
            .that()
            .resideInAPackage("io.sparkvlm.torch.device")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.sparkvlm.torch");

    @ArchTest
    static final ArchRule preprocessingKnowsNoEngine = noClasses()
            .that()
            .resideInAPackage(PREPROCESSING)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ENGINE, SERVER, SPARK, JOB);

    @ArchTest
    static final ArchRule theEngineIsBlindToTextAndJobs = noClasses()
            .that()
            .resideInAPackage(ENGINE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(GRAMMAR, PREPROCESSING, SERVER, SPARK, JOB);

    @ArchTest
    static final ArchRule grammarsKnowTheApiAlone = noClasses()
            .that()
            .resideInAPackage(GRAMMAR)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    CHECKPOINT, OUTCOME, TORCH, PREPROCESSING, ENGINE, SERVER, SPARK, JOB, "org.bytedeco..");

    @ArchTest
    static final ArchRule automataKnowNeitherCharactersNorSchemas = noClasses()
            .that()
            .resideInAPackage("io.sparkvlm.grammar.automaton")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.sparkvlm.grammar.text", "io.sparkvlm.grammar.schema", "com.fasterxml..", "io.sparkvlm.grammar");

    @ArchTest
    static final ArchRule theServerKnowsNoEngineButTheApis = noClasses()
            .that()
            .resideInAPackage(SERVER)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(TORCH, ENGINE, SPARK, JOB, "org.bytedeco..", "picocli..");

    @ArchTest
    static final ArchRule httpKnowsNoChats = noClasses()
            .that()
            .resideInAnyPackage("io.sparkvlm.server.http", "io.sparkvlm.server.metrics")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.sparkvlm.server");

    @ArchTest
    static final ArchRule onlyTheServerKnowsJetty = noClasses()
            .that()
            .resideOutsideOfPackage(SERVER)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.eclipse.jetty..");

    @ArchTest
    static final ArchRule theStagesKnowNoCommandLine = noClasses()
            .that()
            .resideInAPackage(SPARK)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SERVER, JOB, "picocli..");

    @ArchTest
    static final ArchRule onlyTheStagesAndTheJobKnowSpark = noClasses()
            .that()
            .resideOutsideOfPackages(SPARK, JOB)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..");

    @ArchTest
    static final ArchRule theSchedulerSeesNoTensor = noClasses()
            .that()
            .resideInAPackage("io.sparkvlm.engine.schedule..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.bytedeco..", TORCH);

    @ArchTest
    static final ArchRule packagesMakeNoCircles =
            slices().matching("io.sparkvlm.(**)").should().beFreeOfCycles();
}
