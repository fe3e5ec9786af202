package io.sparkvlm.torch.linear;

import io.sparkvlm.torch.DType;
import io.sparkvlm.torch.ResidentTensors;
import io.sparkvlm.torch.TensorFactory;
import io.sparkvlm.torch.TensorScope;
import org.bytedeco.pytorch.CompilationUnit;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * A product with weights in the order in which oneDNN reads them. For one to eight rows, where reading the weights is
 * all the time, it takes half as long as with weights in plain order; for many rows it is equal.
 *
 * <p>Its operators have no Java names and are reached through libtorch's dispatcher.
 */
final class OneDnnLinear implements LinearOperator {
    /** The order is chosen for this number of rows, the sequences of a small batch; others are read in it as well. */
    private static final long EXPECTED_ROWS = 8;

    private final IValue weight;
    private final IValue bias;

    OneDnnLinear(Tensor weight, TensorOptional bias, ResidentTensors resident) {
        this.weight = resident.keep(new IValue(resident.keep(weight.is_meta() ? weight : reordered(weight))));
        this.bias = resident.keep(bias.has_value() ? new IValue(resident.keep(bias.get())) : new IValue());
    }

    private static Tensor reordered(Tensor weight) {
        IValueVector stack = new IValueVector();
        stack.push_back(new IValue(weight));
        stack.push_back(new IValue(EXPECTED_ROWS));
        Operators.REORDER.callBoxed(stack);
        return new Tensor(stack.get(0).toTensor()); // toTensor is a reference into the stack, which goes first
    }

    /** Whether the factory's device is a CPU that computes its type, bfloat16, through oneDNN. */
    static boolean takes(TensorFactory factory) {
        return factory.dtype() == DType.BFLOAT16 && factory.computesOnCpu() && isSupported();
    }

    private static boolean isSupported() {
        try (TensorScope scope = new TensorScope()) {
            IValueVector stack = new IValueVector();
            Operators.IS_SUPPORTED.callBoxed(stack);
            return stack.get(0).toBool();
        }
    }

    @Override
    public Tensor apply(Tensor input) {
        IValueVector stack = new IValueVector();
        stack.push_back(new IValue(input));
        stack.push_back(weight);
        stack.push_back(bias);
        stack.push_back(Operators.NO_ACTIVATION);
        stack.push_back(Operators.NO_SCALARS);
        stack.push_back(Operators.NO_ALGORITHM);
        Operators.LINEAR.callBoxed(stack);
        return new Tensor(stack.get(0).toTensor()); // toTensor is a reference into the stack, which goes first
    }

    /** Static, because libtorch's registry of operators belongs to the process. */
    private static final class Operators {
        private static final ResidentTensors RESIDENT = new ResidentTensors();
        private static final OperatorHandle REORDER;
        private static final OperatorHandle LINEAR;
        private static final OperatorHandle IS_SUPPORTED;
        private static final IValue NO_ACTIVATION;
        private static final IValue NO_SCALARS;
        private static final IValue NO_ALGORITHM;

        static {
            try (TensorScope scope = new TensorScope()) {
                REORDER = operator("mkldnn::_reorder_linear_weight");
                LINEAR = operator("mkldnn::_linear_pointwise");
                IS_SUPPORTED = operator("mkldnn::_is_mkldnn_bf16_supported");
                NO_ACTIVATION = RESIDENT.keep(new IValue("none"));
                NO_SCALARS = RESIDENT.keep(emptyListOfOptionalScalars());
                NO_ALGORITHM = RESIDENT.keep(new IValue(""));
            }
        }

        private static OperatorHandle operator(String name) {
            return RESIDENT.keep(Dispatcher.singleton().findSchemaOrThrow(name, ""));
        }

        /** The schema asks for {@code Scalar?[]}, a list that only TorchScript can make. */
        private static IValue emptyListOfOptionalScalars() {
            CompilationUnit script = torch.compile(
                    """
                    def empty():
                        scalars: List[Optional[number]] = []
                        return scalars
                    """);
            return script.get_functions().get(0).apply(new IValueVector());
        }
    }
}
