"""Word lists of the grammar. Test fillers are removed on load, so a list may lose words when the test set changes."""

NOUNS = """account address agency agenda album alarm allotment antenna apartment aquarium archive armchair attic award axe
backpack badge bakery balcony balloon bank barn basement basket bathroom battery beach bedroom bell belt bench bicycle bill
binder blanket blender blinds board boat boiler bonus bookcase booking boots bottle bowl bracelet branch bread brick bridge
briefcase broom browser brush bucket budget building bunker bus butcher button cabin cabinet cable cactus cafe cake calendar
camera campsite candle canteen canoe car caravan card carpet carport case cellar ceremony chair charger chart checklist chest
chimney choir church cinema class clinic closet club coach coat coffee collar college comb compass computer concert conference
contract cooker copier corridor cottage couch council counter course court cousin cradle crate cupboard curtain cushion
customer cutlery dashboard database deadline debt deck deposit desk device diary dictionary diet dinner diploma dish dishwasher
doctor document domain door doormat drawer dress drill driveway drone dryer elevator engine envelope equipment errand essay
exam exhibition expense extension fan farm faucet fence ferry festival file filter fireplace flag flashlight flat flight
florist flute folder footpath fork form fountain freezer fridge furnace fuse gallery game garage garden gas gate gearbox glasses
gloves goal grill grocery guestroom guide guitar gym hairdresser hall hammer handbook handbag hangar harbour hat heater hedge
helmet helpdesk hobby holiday hook horse hose hostel hotel house household hut insurance interview inverter invitation invoice
iron island jacket jar jeans jeep journal journey judge jug kettle key keyboard kiosk kitchen kite knife lab label ladder lamp
language laptop laundry lawn lawyer lease lecture leg lens letter librarian library licence lift light lightbulb list lock
locker locksmith lodge logbook lounge luggage lunch machine mailbox maintenance manager manual map marker market mattress meal
mechanic medicine meeting membership menu meter microphone microwave mill mirror modem module mortgage motor motorbike mower
museum nanny necklace needle neighbour notebook notice number nursery oculist office oil operator optician orchard order organ
oven package paint painter painting pan panel pantry paper parcel parking party passport password patio pattern payment pen
pencil pension permit phone photo piano picnic picture pillow pin pipe pizza plan plane plant plate platform playlist plumber
pocket podcast policy pond pool porch port poster pot prescription present printer prize procedure project projector pump
purse puzzle quarter quiz quote rack radiator radio raincoat rake receipt reception recipe record recorder reference
refund register rehearsal rental report reservation residence restaurant reunion reward ring roof room roommate rope router
rucksack rug ruler running-club saddle safe sail salad sample sandals sauna saw scanner scarf school scooter screen screwdriver
script seat season secret seminar server service shed sheet shelf ship shirt shoes shop shovel shower sign signature sink
skateboard skates ski sledge socket sofa software speaker spade spare-part speech spoon stable stage stairs stamp statement
station stereo stick stool storage store storeroom stove stroller studio studio-key subscription suit suitcase summary sunglasses
supplier surgery sweater swimsuit switch syllabus table tablet tailor tank tap tape task tax team teapot telescope tenant tent
terminal terrace theatre thermostat ticket tile timetable toaster toilet token tool toolbox toothbrush torch towel tower toy
tractor trailer train trainer training tram tray treadmill treatment tree trip trolley trousers truck trunk tub turbine tutor
tyre umbrella uniform vacuum van vase vault vehicle vet video village violin visa visit voucher waiter wallet wardrobe warehouse
warranty washer watch water-bill webcam website wedding wheel wheelbarrow whistle window winter-tyres workshop yard yacht
zoo""".split()

ATTRIBUTES = """address age allowance anniversary appointment arrival balance birthday blood-type booking-number booth brand
budget cabin callsign capacity category chapter code colour colleague combination company contact-person contact cost
customer-number deadline deductible delivery-date departure-time diet direction dosage due-date email extension favourite fee
floor frequency handle height hostname id ingredient instructions interval label length level limit location login maiden-name
mileage model motto nickname note number opening-hours owner page passphrase password pattern phone-number pin plate platform
postcode PIN price priority quantity rate reference registration rent result ringtone room row salary schedule seat serial-number
shade shape size slogan slot song speed starting-time status style supplier symbol tag target temperature theme title tracking-id
type username value vendor version volume weight width wifi-password year zone""".split()

ADJECTIVES = """old new red blue green big small second first last next main spare favourite best secret private front back
left upper lower black white grey yellow silver golden wooden broken rented shared temporary annual monthly weekly personal
emergency backup northern southern outdoor indoor winter summer heavy early late lost cheap expensive digital electric local
final official preferred usual current previous former brown orange plastic leather warm quiet narrow foreign""".split()

RELATIONS = """mother father mum dad brother sister cousin uncle aunt grandmother grandfather grandma grandpa wife husband
partner girlfriend boyfriend fiance daughter son niece nephew godson stepmother stepson twin boss manager colleague coworker
assistant secretary landlord landlady tenant neighbour roommate flatmate friend buddy mentor teacher tutor coach dentist
doctor therapist physio lawyer accountant plumber electrician mechanic gardener hairdresser cleaner babysitter dog cat parrot
horse hamster rabbit tortoise team family group department company school kid baby client supplier trainer professor
supervisor bank insurer vet butcher tailor in-laws parents grandparents kids children""".split()

NAMES = """Aaron Abel Adele Agnes Aisha Alan Alba Aldo Alma Amara Amir Amos Anders Andrea Anika Anton Arjun Arlo Astrid
Aurora Axel Barbara Basil Beatrice Bella Benno Bianca Bjorn Bodil Boris Brenda Bruno Caleb Camilla Carmen Cecil Celia Chen
Clara Claudine Cleo Conrad Cora Cyril Dagny Damian Dana Daphne Darius Deborah Delia Desmond Diego Dina Dirk Dora Doris Edgar
Edith Edwin Egon Eileen Elias Elio Ella Elmer Elodie Elsa Emil Emma Enzo Erica Ernest Esther Ethan Eugene Eva Ezra Fabian
Faith Farid Fatima Felix Fergus Fiona Flora Florian Franz Freya Frida Fritz Gabriel Gavin Gemma George Gerda Gideon Gina
Giorgio Gloria Greta Gunnar Gustav Hana Hanna Harold Harriet Hassan Hazel Hector Heidi Helga Henrik Hilda Holger Horace Ian
Ibrahim Ida Igor Ilse Imani Inga Ingrid Ira Irina Isaac Ismael Ivan Ivy Jack Jade Jakob Jamal Jane Jasmine Jasper Jens Joan
Joel Johan Josef Juan Judith Julia Julian June Kai Kamal Kara Kasper Kate Keiko Kenji Kerstin Khalid Kim Kira Klaus Knut
Kurt Lara Lars Laszlo Laura Leif Leila Lena Leon Lila Linus Lisa Lorenz Lotte Louis Luca Lucia Luis Luna Lydia Mabel Magnus
Mai Malik Manuel Marco Margit Marina Mario Mark Marta Martin Matilda Max Maya Mehmet Mei Mia Milan Milo Mina Mira Moira
Monica Morris Moses Nadia Naomi Nathan Nell Nico Nina Noah Nora Norbert Nuria Odette Olaf Oliver Omar Orla Oscar Otto Pablo
Paola Pascal Paula Pedro Percy Petra Philip Pia Pierre Quentin Rachel Rafael Ralph Ramona Rana Raul Ravi Regina Rene Rhea
Rita Robin Rolf Roman Ronja Rosa Ruben Rufus Ruth Sabine Sadie Said Salma Samira Sandra Sasha Selma Serge Silas Silvia
Simon Sofia Sonja Stefan Stella Sunita Svea Sylvia Tamara Tariq Tess Theo Thora Tilda Timo Tina Tobias Toni Tove Ulla Ulrich
Uma Ursula Valentin Vera Vincent Viola Walter Wanda Werner Wilma Xenia Yara Yasmin Yusuf Yvonne Zara Zeno Zoe""".split()

WORDS = """amber anchor apple apricot arrow aster aurora autumn badger bamboo banana barley basil beacon bear beaver beech
berry birch blossom breeze bronze butter butterfly camel canyon caramel cedar cello chalk cheddar cherry chestnut chili clay
cliff cloud clover cobalt coconut comet copper coral cotton crane cricket crimson crystal cypress daisy dawn desert diamond
dolphin dragon dune eagle ebony echo elm ember emerald fable falcon feather fennel fern fig finch flame flint forest fox frost
garlic ginger glacier glass granite grape gravel hawk hazelnut heron hill honey horizon indigo ink iris ivory ivy jade jasmine
jelly jungle juniper kiwi koala lagoon lake lantern lark lavender lemon lilac lily lime linen lion lobster lotus lynx magnet
mango maple marble meadow melon mercury midnight mint mist moon moss moth mountain mustard nectar needle nettle nickel nutmeg
oak oasis oat ocean olive onion opal orchid otter owl oyster palm panda panther parsley peach peanut pearl pebble pepper
pigeon pine plum polar pollen poppy prairie prism pumpkin quail quartz quince rabbit radish rain rainbow raisin raven reef
rice river robin rocket rose rosemary ruby rust rye sable saffron sage salmon sand sapphire satin scarlet seal sesame shadow
shark shell silk silver sky slate snow sparrow spice spinach spruce star steel stone storm straw sugar sulphur summit sun swan
tea teal thistle thunder thyme tiger tin toast topaz tulip tuna turtle twig vanilla velvet violet walnut waterfall wave wheat
willow wind wolf wool yarn yellow zebra zinc""".split()

FOODS = """almonds apples bananas beans beetroot blueberries bread broccoli butter cabbage carrots cashews cheese chicken
chocolate coffee cucumber curry dates eggplant eggs fish flour garlic gluten goat-cheese grapefruit hazelnuts honey lactose
lentils lettuce mangoes milk mushrooms mussels noodles oats olives onions oranges pancakes pasta peanuts pears peppers pineapple
pizza plums potatoes prawns raisins rice salmon seafood sesame soup soy spinach strawberries sushi tofu tomatoes walnuts wine
yoghurt penicillin aspirin pollen dust latex cat-hair bee-stings""".replace("-", " ").split()

COLOURS = """red blue green yellow orange purple pink brown black white grey turquoise violet beige navy maroon olive teal
crimson scarlet silver gold copper bronze ivory lilac magenta khaki indigo mint coral""".split()

WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()

ACTIVITIES = """hiking swimming chess yoga pottery sailing climbing rowing fencing karate judo archery gardening knitting
painting drawing dancing singing surfing skiing cycling jogging boxing bowling golf tennis badminton squash handball volleyball
football basketball baking cooking fishing photography astronomy birdwatching calligraphy origami juggling""".split()

COUNTRIES = """Albania Angola Argentina Armenia Austria Bahrain Belgium Benin Bolivia Botswana Brazil Bulgaria Cambodia Cameroon
Canada Chad Chile China Colombia Croatia Cuba Cyprus Denmark Ecuador Egypt Eritrea Estonia Fiji Finland France Gabon Georgia
Germany Ghana Greece Guatemala Guyana Haiti Honduras Hungary Iceland India Indonesia Iran Iraq Ireland Israel Italy Jamaica
Japan Jordan Kenya Kuwait Laos Latvia Lebanon Liberia Libya Lithuania Malawi Malaysia Mali Malta Mexico Moldova Mongolia Morocco
Mozambique Namibia Nepal Niger Nigeria Norway Oman Pakistan Panama Paraguay Peru Poland Portugal Qatar Romania Rwanda Senegal
Serbia Singapore Slovakia Slovenia Somalia Spain Sudan Sweden Switzerland Syria Taiwan Tanzania Thailand Togo Tunisia Turkey
Uganda Ukraine Uruguay Venezuela Vietnam Wales Yemen Zambia Zimbabwe Scotland Texas Florida Ontario Bavaria Tuscany Alaska""".split()
